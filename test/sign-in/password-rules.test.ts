import { expect, test } from 'vitest'
import { refuseGuessable } from '../../src/sign-in/password-rules.ts'

const eva = {
  email: 'eva.ostermann@our.example',
  firstName: 'Eva',
  lastName: 'Ostermann',
  companyName: 'Größe & Söhne',
}

test.each([
  'password123',
  'PassWord123',
  'qwertyuiop',
  '1234567890',
  '1q2w3e4r5t',
  'basketball',
  'Basketball2026!!',
  '!!!dragon!!!',
  '12345dragon12345',
  'ｐａｓｓｗｏｒｄ１２３',
])('%s is one that many people use', async (password) => {
  await expect(refuseGuessable(password, eva)).rejects.toMatchObject({
    status: 400,
    message: 'password is one that many people use',
  })
})

test.each([
  'eva.ostermann@our.example',
  'Ostermann1',
  'ostermannOSTERMANN',
  'größe und Söhne'.replace(' und ', ''),
  'WagglePartnerLead',
  'waggle2026!',
])('%s is made of own words', async (password) => {
  await expect(refuseGuessable(password, eva)).rejects.toMatchObject({
    message: 'password must not be made of your name, address or company',
  })
})

test.each([
  'three dull honeycombs',
  'another long password',
  'Ostermann likes bees',
  'zq8#Lm0!vT',
  '8301947265 81',
  'ĝoja abelo ĉe ĥoro',
])('%s is taken', async (password) => {
  await expect(refuseGuessable(password, eva)).resolves.toBeUndefined()
})

test('who has no name and no company is bound by the other words alone', async () => {
  const nobody = { email: 'e@x.example', firstName: null, lastName: null, companyName: null }
  await expect(refuseGuessable('Ostermann1', nobody)).resolves.toBeUndefined()
})
