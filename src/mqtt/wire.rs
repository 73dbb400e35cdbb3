//! The two protocols behind one face.

use super::{Address, Event, Message, tls};
use crate::domain::metering::source::Protocol;
use rumqttc::v5;
use rumqttc::{AsyncClient, ClientError, EventLoop, MqttOptions, QoS};
use std::error::Error;
use std::time::Duration;

/// A larger message ends the connection.
const MOST_BYTES: u32 = 16 << 20;
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long a broker that speaks MQTT 5 keeps what comes while nobody listens.
const KEPT_SECONDS: u32 = 7 * 24 * 3_600;
/// Messages that a broker that speaks MQTT 5 may send before the first of them is acknowledged.
const UNACKNOWLEDGED: u16 = 10_000;

#[derive(Debug)]
pub enum Raw {
    V311(rumqttc::Publish),
    V5(v5::mqttbytes::v5::Publish),
}

impl Raw {
    pub fn topic(&self) -> String {
        match self {
            Self::V311(it) => it.topic.clone(),
            Self::V5(it) => String::from_utf8_lossy(&it.topic).into_owned(),
        }
    }

    pub fn payload(&self) -> &[u8] {
        match self {
            Self::V311(it) => &it.payload,
            Self::V5(it) => &it.payload,
        }
    }

    pub fn is_retained(&self) -> bool {
        match self {
            Self::V311(it) => it.retain,
            Self::V5(it) => it.retain,
        }
    }
}

pub enum Client {
    V311(AsyncClient),
    V5(v5::AsyncClient),
}

pub enum Polled {
    V311(Box<EventLoop>),
    V5(Box<v5::EventLoop>),
}

pub fn open(address: &Address, requests: usize) -> Result<(Client, Polled), String> {
    Ok(match address.protocol {
        Protocol::V311 => {
            let (client, polled) = AsyncClient::new(options(address)?, requests);
            (Client::V311(client), Polled::V311(Box::new(polled)))
        }
        Protocol::V5 => {
            let (client, polled) = v5::AsyncClient::new(options5(address)?, requests);
            (Client::V5(client), Polled::V5(Box::new(polled)))
        }
    })
}

fn options(address: &Address) -> Result<MqttOptions, String> {
    let mut options = MqttOptions::new(&address.client_id, &address.host, address.port);
    options
        .set_keep_alive(KEEP_ALIVE)
        .set_manual_acks(true)
        .set_clean_session(!address.persistent)
        .set_max_packet_size(MOST_BYTES as usize, MOST_BYTES as usize);
    if !address.username.is_empty() {
        options.set_credentials(&address.username, &address.password);
    }
    if address.tls {
        options.set_transport(tls::transport()?);
    }
    Ok(options)
}

fn options5(address: &Address) -> Result<v5::MqttOptions, String> {
    let mut options = v5::MqttOptions::new(&address.client_id, &address.host, address.port);
    let mut properties = v5::mqttbytes::v5::ConnectProperties::new();
    properties.session_expiry_interval = address.persistent.then_some(KEPT_SECONDS);
    properties.receive_maximum = Some(UNACKNOWLEDGED);
    properties.max_packet_size = Some(MOST_BYTES);
    options
        .set_keep_alive(KEEP_ALIVE)
        .set_manual_acks(true)
        .set_clean_start(!address.persistent)
        .set_connect_properties(properties);
    if !address.username.is_empty() {
        options.set_credentials(&address.username, &address.password);
    }
    if address.tls {
        options.set_transport(tls::transport()?);
    }
    Ok(options)
}

impl Client {
    pub fn subscribe(&self, filter: &str, at_least_once: bool) -> Result<(), String> {
        match self {
            Self::V311(it) => {
                let qos = if at_least_once {
                    QoS::AtLeastOnce
                } else {
                    QoS::AtMostOnce
                };
                it.try_subscribe(filter, qos).map_err(said)
            }
            Self::V5(it) => {
                let qos = if at_least_once {
                    v5::mqttbytes::QoS::AtLeastOnce
                } else {
                    v5::mqttbytes::QoS::AtMostOnce
                };
                it.try_subscribe(filter, qos).map_err(said)
            }
        }
    }

    pub fn unsubscribe(&self, filter: &str) -> Result<(), String> {
        match self {
            Self::V311(it) => it.try_unsubscribe(filter).map_err(said),
            Self::V5(it) => it.try_unsubscribe(filter).map_err(said),
        }
    }

    /// `false` where there is no room for it at the moment.
    pub fn acknowledge(&self, message: &Raw) -> Result<bool, String> {
        match (self, message) {
            (Self::V311(it), Raw::V311(message)) => match it.try_ack(message) {
                Ok(()) => Ok(true),
                Err(ClientError::TryRequest(_)) => Ok(false),
                Err(error) => Err(said(error)),
            },
            (Self::V5(it), Raw::V5(message)) => match it.try_ack(message) {
                Ok(()) => Ok(true),
                Err(v5::ClientError::TryRequest(_)) => Ok(false),
                Err(error) => Err(said(error)),
            },
            _ => Err("a message of another link".to_owned()),
        }
    }

    pub fn disconnect(&self) -> Result<(), String> {
        match self {
            Self::V311(it) => it.try_disconnect().map_err(said),
            Self::V5(it) => it.try_disconnect().map_err(said),
        }
    }
}

impl Polled {
    /// The next thing that somebody must know of.
    pub async fn next(&mut self) -> Event {
        loop {
            let event = match self {
                Self::V311(it) => event(it.poll().await),
                Self::V5(it) => event5(it.poll().await),
            };
            if let Some(event) = event {
                return event;
            }
        }
    }
}

fn event(polled: Result<rumqttc::Event, rumqttc::ConnectionError>) -> Option<Event> {
    use rumqttc::{Packet, SubscribeReasonCode};
    let packet = match polled {
        Ok(rumqttc::Event::Incoming(packet)) => packet,
        Ok(rumqttc::Event::Outgoing(_)) => return None,
        Err(error) => return Some(Event::Lost(said(error))),
    };
    match packet {
        Packet::ConnAck(_) => Some(Event::Connected),
        Packet::Publish(message) => Some(Event::Message(Message(Box::new(Raw::V311(message))))),
        Packet::SubAck(answer) => {
            let refused = answer.return_codes.contains(&SubscribeReasonCode::Failure);
            Some(subscribed(refused.then(|| "Failure".to_owned())))
        }
        _ => None,
    }
}

fn event5(polled: Result<v5::Event, v5::ConnectionError>) -> Option<Event> {
    use v5::mqttbytes::v5::{Packet, SubscribeReasonCode};
    let packet = match polled {
        Ok(v5::Event::Incoming(packet)) => packet,
        Ok(v5::Event::Outgoing(_)) => return None,
        Err(error) => return Some(Event::Lost(said(error))),
    };
    match packet {
        Packet::ConnAck(_) => Some(Event::Connected),
        Packet::Publish(message) => Some(Event::Message(Message(Box::new(Raw::V5(message))))),
        Packet::SubAck(answer) => {
            let good = |it: &&SubscribeReasonCode| !matches!(it, SubscribeReasonCode::Success(_));
            let refused = answer.return_codes.iter().find(good);
            Some(subscribed(refused.map(|it| format!("{it:?}"))))
        }
        _ => None,
    }
}

fn subscribed(refused: Option<String>) -> Event {
    match refused {
        None => Event::Subscribed,
        Some(why) => Event::Lost(format!("the broker refuses the subscription: {why}")),
    }
}

/// An error with what caused it.
fn said(error: impl Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}
